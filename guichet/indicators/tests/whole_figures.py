"""The lines of a part as one table, for parts that tests hold whole."""

from __future__ import annotations

import pyarrow as pa

from guichet.indicators.calculations.figures import (
    FIGURE_COLUMNS,
    QUANTILE_COLUMNS,
    figure_slices,
    quantile_slices,
)


def figure_table(part, previous, definition, **beside):
    return whole(FIGURE_COLUMNS, figure_slices(part, previous, definition, **beside))


def quantile_table(part, definition, *, network):
    return whole(QUANTILE_COLUMNS, quantile_slices(part, definition, network))


def whole(columns, slices):
    schema = pa.schema([(name, pa.string()) for name in columns])
    return pa.concat_tables([schema.empty_table(), *slices])
