from . import shares
from . import working_time
