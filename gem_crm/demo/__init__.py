from . import gem_crm_demo
from . import gem_crm_demo_claims
from . import gem_crm_demo_french
