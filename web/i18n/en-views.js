/** The words of the drawer's views. */
import fields from './en-fields.ftl?raw';
import views from './en-views.ftl?raw';

export default [fields, views];
