from . import gem_crm_profile
from . import gem_crm_segment
