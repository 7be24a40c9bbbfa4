from . import gem_crm_customer_mixin
from . import gem_crm_consent
from . import gem_crm_need_kind
from . import gem_crm_need
from . import gem_crm_note
from . import gem_crm_referral
from . import res_partner
from . import res_partner_band
