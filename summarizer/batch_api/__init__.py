"""Ask for the replies of many articles in batches, at the price of the vendors' Batch API."""
