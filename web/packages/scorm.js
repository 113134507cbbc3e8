/** SCORM 1.2: the manifest of a package in which each lesson is an item of its own. */
import { xml } from './lessons.js';

/**
 * @param {import('./lessons.js').Entry[]} lessons
 * @param {string[]} files of the lab, by their paths
 * @param {'ko' | 'en'} language of the titles; the lab itself speaks both
 */
export function scormManifest(lessons, files, language) {
  const items = lessons.map(({ name, title }) => `      <item identifier="item-${name}" identifierref="sco-${name}"><title>${xml(title[language])}</title></item>`);
  const resources = lessons.map(
    ({ name }) => `    <resource identifier="sco-${name}" type="webcontent" adlcp:scormtype="sco" href="sco.html?lesson=${name}&#38;lang=${language}">
      <file href="sco.html"/><dependency identifierref="lab"/>
    </resource>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="tcplab" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="lessons">
    <organization identifier="lessons">
      <title>TCP Lab</title>
${items.join('\n')}
    </organization>
  </organizations>
  <resources>
${resources.join('\n')}
    <resource identifier="lab" type="webcontent" adlcp:scormtype="asset">
${files.map((path) => `      <file href="${xml(path)}"/>`).join('\n')}
    </resource>
  </resources>
</manifest>
`;
}
