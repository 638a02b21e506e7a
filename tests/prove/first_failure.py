"""A hypothesis profile that stops at the first failure and does not look for the smallest one."""

from hypothesis import Phase, settings

FIRST_FAILURE = "first-failure"
settings.register_profile(FIRST_FAILURE, phases=[Phase.explicit, Phase.generate])
