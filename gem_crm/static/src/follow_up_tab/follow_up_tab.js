import { Component, onWillStart, onWillUpdateProps, useEffect } from "@odoo/owl";

import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { append, createElement, parseXML } from "@web/core/utils/xml";
import { extractFieldsFromArchInfo, patchActiveFields } from "@web/model/relational_model/utils";
import { FormArchParser } from "@web/views/form/form_arch_parser";
import { FormCompiler } from "@web/views/form/form_compiler";
import { FormRenderer } from "@web/views/form/form_renderer";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const X2MANY = ["one2many", "many2many"];

/** What a form view holds, without the frame of a form around it. */
class TabCompiler extends FormCompiler {
    compileForm(el, params) {
        const tab = createElement("div");
        for (const child of el.childNodes) {
            append(tab, this.compileNode(child, params));
        }
        return tab;
    }
}

/**
 * The tab of a form, from a view of its own that is read when the tab is opened.
 *
 * Fields that stand in the form are read with it, even while their tab is closed. Those of the
 * tab's view join the form's record when the tab is first shown, and are edited, saved and
 * discarded with it from then on. One2many and many2many fields can stand here only if the form
 * has them too: see gem_crm_customer_list.
 */
export class FollowUpTab extends Component {
    static template = "gem_crm.FollowUpTab";
    static components = { FormRenderer };
    static props = { ...standardWidgetProps, view: String };

    setup() {
        this.views = useService("view");
        this.Compiler = TabCompiler;
        onWillStart(async () => {
            await this.loadView();
            await this.complete(this.props.record);
        });
        onWillUpdateProps(({ record }) => this.complete(record));
        // A page shown from the client's cache is filled again when the server has answered.
        useEffect(
            (isComplete) => {
                if (!isComplete) {
                    this.complete(this.props.record);
                }
            },
            () => [this.isComplete]
        );
    }

    async loadView() {
        const { resModel } = this.props.record;
        const { fields, relatedModels, views } = await this.views.loadViews({
            resModel,
            views: [[false, "form"]],
            context: { form_view_ref: this.props.view },
        });
        const arch = parseXML(views.form.arch);
        this.archInfo = new FormArchParser().parse(arch, relatedModels, resModel);
        Object.assign(this, extractFieldsFromArchInfo(this.archInfo, fields));
    }

    missing(record) {
        return Object.keys(this.activeFields).filter((name) => !(name in record.data));
    }

    get isComplete() {
        return !this.missing(this.props.record).length;
    }

    /** Give the record the fields of this tab that it lacks, with their values. */
    complete(record) {
        return record.model.mutex.exec(async () => {
            const missing = this.missing(record);
            if (!missing.length) {
                return;
            }
            const values = await this.read(record, missing);
            // No sooner: while they are read, the record may be filled without them.
            for (const [name, activeField] of Object.entries(this.activeFields)) {
                if (name in record.activeFields) {
                    // such as a field that changes one of ours
                    patchActiveFields(record.activeFields[name], activeField);
                } else {
                    record.activeFields[name] = activeField;
                    record.fields[name] = this.fields[name];
                }
            }
            record._applyValues(values);
        });
    }

    /** Return the server's values of fields of the record. */
    async read(record, names) {
        const config = {
            ...record.config,
            activeFields: Object.fromEntries(names.map((name) => [name, this.activeFields[name]])),
            fields: this.fields,
        };
        if (!record.isNew) {
            const [values] = await record.model._loadRecords(config, record.evalContext);
            return values;
        }
        // The server takes changes of the fields that are asked for, and of single values.
        const known = Object.keys(this.activeFields).filter(
            (name) => name in record.data && !X2MANY.includes(record.fields[name].type)
        );
        const typed = record._getChanges(record._changes, { withReadonly: true });
        return record.model._onchange(config, {
            changes: Object.fromEntries(known.map((name) => [name, typed[name]])),
            evalContext: record.evalContext,
        });
    }
}

registry.category("view_widgets").add("gem_crm_follow_up_tab", {
    component: FollowUpTab,
    extractProps: ({ attrs }) => ({ view: attrs.view }),
});
