"""Files of observations, whatever their format, as one staged Parquet of text cells.

Owns reading CSV, XLSX and Parquet in bounded memory; refuses what is no table, with its mend.
Plain Python.
"""
