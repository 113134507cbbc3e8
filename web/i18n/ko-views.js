/** The words of the drawer's views. */
import fields from './ko-fields.ftl?raw';
import views from './ko-views.ftl?raw';

export default [fields, views];
