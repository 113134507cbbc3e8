/** cmi5: the course structure (section 13 of its specification), each lesson an assignable unit. */
import { xml } from './lessons.js';

/** @param {Record<'ko' | 'en', string>} text */
const strings = (text) => `<langstring lang="ko">${xml(text.ko)}</langstring><langstring lang="en">${xml(text.en)}</langstring>`;

const COURSE = { ko: 'TCP Lab: 속이 보이는 TCP/IP', en: 'TCP Lab: TCP/IP that you can see through' };

/** @param {import('./lessons.js').Entry[]} lessons */
export function cmi5Course(lessons) {
  const units = lessons.map(
    ({ name, title }) => `  <au id="urn:tcplab:au:${name}" moveOn="Completed" launchMethod="AnyWindow">
    <title>${strings(title)}</title>
    <description>${strings(title)}</description>
    <url>au.html?lesson=${name}</url>
  </au>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="urn:tcplab:course">
    <title>${strings(COURSE)}</title>
    <description>${strings(COURSE)}</description>
  </course>
${units.join('\n')}
</courseStructure>
`;
}
