#!/bin/sh
# Makes the virtual environment VENV from the hashed lock file LOCK, and installs `guichet` in it.
# Says what to install when a tool is missing. Usage: setup.sh VENV LOCK
set -eu
venv=$1
lock=$2
python=${PYTHON:-python3}

stop() { printf '\n%s\n' "$1" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 ||
  stop "Python manque : installez-le (sous Debian : apt install python3 python3-venv)."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  stop "Il faut Python 3.11 ou plus récent ; « $python » est plus ancien. Indiquez-en un autre : make setup PYTHON=python3.11"
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  stop "Le module venv manque : sous Debian, apt install python3-venv."
free_kib=$(df -Pk . | awk 'NR==2 {print $4}')
[ "$free_kib" -gt 1500000 ] ||
  stop "Il faut 1,5 Go libres sur ce disque, il en reste $((free_kib / 1024)) Mo : libérez de la place puis relancez."

echo "Installation (une seule fois, une à trois minutes)…"
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" ||
  stop "Les bibliothèques n'ont pas pu être installées : vérifiez l'accès au dépôt de paquets Python, puis relancez."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ||
  stop "Le paquet guichet n'a pas pu être installé dans $venv."
