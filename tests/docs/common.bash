# What the tests of the documents share; sourced. All run from the project's folder.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# The documents, one a line.
documents() { find README.md docs data -name '*.md' | sort; }
