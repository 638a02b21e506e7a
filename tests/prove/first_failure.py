"""A hypothesis profile for where a red property is enough, and nobody reads the smallest example."""

from hypothesis import Phase, settings

FIRST_FAILURE = "first-failure"
settings.register_profile(FIRST_FAILURE, phases=[Phase.explicit, Phase.generate])
