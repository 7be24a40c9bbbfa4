from . import base_partner_merge
from . import gem_crm_complaint_merge
from . import gem_crm_note_batch
