"""Does it get worse? Control charts on rates and means, with the false alarms that they give stated."""

from karat.quality.drift.charts import Chart, cusum, cusum_limit, ewma, ewma_limit, label_mix, means, rates

__all__ = [
    "Chart",
    "cusum",
    "cusum_limit",
    "ewma",
    "ewma_limit",
    "label_mix",
    "means",
    "rates",
]
