"""The environment, the AWS clients and the stores of the functions."""

import gc

gc.set_threshold(100_000)  # imports leave little garbage: its collection took a tenth of a cold start
