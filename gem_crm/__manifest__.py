{
    'name': "Customer Follow-up",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'summary': "Everything you know about a customer, and everything you owe them next",
    'author': "gem_crm contributors",
    'license': 'LGPL-3',
    'application': True,
    'depends': [
        'contacts',
        'mail',
        'account',
        'calendar',
        'rating',
        'portal',
        'utm',
    ],
    'data': [
        'security/gem_crm_security.xml',
        'security/ir.model.access.csv',
        'security/gem_crm_consent_security.xml',
        'security/gem_crm_need_security.xml',
        'security/gem_crm_note_security.xml',
        'data/res_partner_category_data.xml',
        'data/gem_crm_referral_data.xml',
        'data/gem_crm_need_kind_data.xml',
        'views/res_partner_views.xml',
        'views/gem_crm_referral_views.xml',
        'views/gem_crm_consent_views.xml',
        'views/gem_crm_need_kind_views.xml',
        'views/gem_crm_need_views.xml',
        'views/gem_crm_note_views.xml',
        'views/gem_crm_menus.xml',
    ],
    'uninstall_hook': 'uninstall_hook',
    'demo': [
    ],
    'assets': {
        'web.assets_backend': [
            'gem_crm/static/src/**/*',
        ],
        'web.assets_tests': [
            'gem_crm/static/tests/tours/**/*',
        ],
        'web.assets_unit_tests': [
            'gem_crm/static/tests/**/*.test.js',
        ],
    },
}
