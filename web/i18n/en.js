/** The words of the first view. */
import core from './en.ftl?raw';
import events from './en-events.ftl?raw';
import rules from './en-rules.ftl?raw';

export default [core, events, rules];
