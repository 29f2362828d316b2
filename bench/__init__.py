"""Performance figures as ratios within one run: `make bench`, or `python -m bench search|pages [options]`."""
