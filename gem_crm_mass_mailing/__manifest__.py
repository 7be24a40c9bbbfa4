{
    'name': "Customer Follow-up: Mailings",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'summary': "Mailings to segments, and mailing lists of who would want a product",
    'author': "gem_crm contributors",
    'license': 'LGPL-3',
    'depends': [
        'gem_crm',
        'mass_mailing',
    ],
    'data': [
        'views/gem_crm_segment_views.xml',
    ],
    'auto_install': True,
}
