"""One JSON line for each fact worth knowing. Never a URL, never a body."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.utils import copy_config_to_registered_loggers

logger = Logger()
"""Named by POWERTOOLS_SERVICE_NAME; with its format, the policies write too."""
copy_config_to_registered_loggers(logger, include={"retry_policies"})
