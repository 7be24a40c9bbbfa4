from . import gem_crm_demo
