"""softeq for Spack. From the folder of its sources:

    spack repo add jobs/spack
    spack dev-build softeq@0.1.0
"""

from spack.package import *


class Softeq(CMakePackage):
    """Networks that find out how symmetric the data is, trained on any number of MPI ranks."""

    license("Apache-2.0")

    version("0.1.0")

    variant("double", default=False, description="Train in double precision instead of float")
    variant("native", default=True, description="Compile for the CPU of this machine")

    depends_on("c", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("gzip", type="build")
    depends_on("random123", type="build")

    depends_on("mpi")
    depends_on("openblas")
    depends_on("netlib-lapack+lapacke+external-blas")
    depends_on("netcdf-c")
    depends_on("inih")
    depends_on("xxhash")
    depends_on("zlib-api")
    depends_on("protobuf-c")

    generator("ninja")

    def cmake_args(self):
        return [
            self.define_from_variant("SOFTEQ_DOUBLE", "double"),
            self.define_from_variant("SOFTEQ_NATIVE", "native"),
            self.define("BUILD_TESTING", False),
        ]
