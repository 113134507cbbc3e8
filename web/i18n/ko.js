/** The words of the first view. */
import core from './ko.ftl?raw';
import events from './ko-events.ftl?raw';
import rules from './ko-rules.ftl?raw';

export default [core, events, rules];
