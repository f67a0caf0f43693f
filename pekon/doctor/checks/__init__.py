"""One module a subject. Importing this package registers all checks, in the order of a report."""

# isort: off
from . import (
    configuration as configuration,
    database as database,
    cache as cache,
    storage as storage,
    mail as mail,
    web as web,
    hosts as hosts,
    certificates as certificates,
    background as background,
    timers as timers,
    disk as disk,
    file_modes as file_modes,
)
