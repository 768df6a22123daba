"""Speed of the reader, as ratios measured in one run: `make bench`. Never a test: a ratio may say what it likes."""
