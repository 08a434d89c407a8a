"""Files of observations, whatever their format, as one staged Parquet of text cells.

Owns reading CSV, XLSX and Parquet in bounded memory; refuses what is no table, with its mend.
Plain Python.
"""

from guichet.indicators.files.reading import stage
from guichet.indicators.files.staged import CellFault, Staged, UnreadableFile

__all__ = ["CellFault", "Staged", "UnreadableFile", "stage"]
