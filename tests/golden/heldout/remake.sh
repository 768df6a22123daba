#!/bin/sh
# sh remake.sh location_year.csv streets.csv: makes pages and answers again and checks them
cd "$(dirname "$0")/../../.." || exit 1
rm -f tests/golden/heldout/[0-9]*.yaml tests/golden/heldout/pages/*
python -m tests.golden.heldout.maker.make "$1" "$2" && python -m tests.golden.heldout.check
