"""Make briefs in data engines: one callable for batches of rows, for Ray, Dask, Daft and Spark.

`summarizer.distributed.ray` has the function for datasets of Ray. It needs the extra ``ray``.
"""

from summarizer.distributed.brief_batch import RESULT_COLUMNS, BriefBatch, ModelDescription

__all__ = ["RESULT_COLUMNS", "BriefBatch", "ModelDescription"]
