/** The words of the drawer's views. */
import faults from './ko-faults.ftl?raw';
import fields from './ko-fields.ftl?raw';
import views from './ko-views.ftl?raw';

export default [faults, fields, views];
