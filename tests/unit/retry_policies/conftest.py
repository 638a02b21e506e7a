from retry_policies.pytest_plugin import retry_time

__all__ = ["retry_time"]
