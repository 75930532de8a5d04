"""Make briefs in data engines: one callable for batches of rows, for Ray, Dask, Daft and Spark."""
