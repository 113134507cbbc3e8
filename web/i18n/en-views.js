/** The words of the drawer's views. */
import faults from './en-faults.ftl?raw';
import fields from './en-fields.ftl?raw';
import views from './en-views.ftl?raw';

export default [faults, fields, views];
