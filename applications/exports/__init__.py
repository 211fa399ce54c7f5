"""Files made from a list: XLSX and CSV, every text as text, every export on record. May know worklists."""
