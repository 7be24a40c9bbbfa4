{
    'name': "Customer Follow-up: Credit Control",
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'summary': "No reminder of what a customer disputes",
    'author': "gem_crm contributors",
    'license': 'AGPL-3',
    'depends': [
        'gem_crm',
        'account_credit_control',
    ],
    'auto_install': True,
}
