from . import test_demo
from . import test_gem_crm_correspondence
from . import test_gem_crm_discussion
from . import test_gem_crm_need_kind
from . import test_js
from . import test_res_partner
from . import test_tours
