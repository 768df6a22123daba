"""The archive: every page as it was got, in WARC/1.1 files (ISO 28500), read back byte by byte years later."""
