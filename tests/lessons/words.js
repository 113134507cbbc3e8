/** The words of each language: how terms are spelled, in lessons and on the page. */

/** What is written otherwise here. Each: how it must not be written, and how it is. @type {Record<'ko' | 'en', [RegExp, string][]>} */
export const WORDS = {
  ko: [
    [/시퀀스|시켄스/, '순서 번호'],
    [/핸드쉐이크|쉐이크|악수/, '핸드셰이크'],
    [/윈도우|창 크기/, '윈도'],
    [/응답 확인|승인 번호|애크|ACK번호/, '확인응답'],
    [/세그멘트|새그먼트/, '세그먼트'],
    [/데이타/, '데이터'],
    [/메세지/, '메시지'],
    [/쓰레드|패킷트|프래임/, '패킷, 프레임'],
    [/3-?웨이|쓰리웨이/, '3방향'],
    [/체크썸/, '체크섬'],
    [/재송신|재전달/, '재전송'],
    [/(?<![A-Za-z`$_.:-])(packet|segment|buffer|window|handshake|timeout|checksum|sequence|router|socket)s?\b/, '용어는 한국어로 쓴다'],
    [/되어지|되어집|하여진/, '피동을 두 번 쓰지 않는다'],
    [/\}(을|를|이|가|은|는|와|과|로|으로) /, '값 뒤에는 받침에 따라 달라지는 조사를 쓰지 않는다'],
  ],
  en: [
    [/acknowledgement/i, 'acknowledgment (RFC 9293)'],
    [/\b3-way|\b4-way/i, 'three-way, four-way'],
    [/SYN-ACK|SYNACK|SYN\/ACK|SYN ACK\b/, 'SYN+ACK'],
    [/time[- ]wait state|TIME-WAIT/, 'TIME_WAIT'],
    [/\bpackage\b/i, 'packet'],
    [/\bethernet\b/, 'Ethernet'],
    [/sequence no\b|seq\. number/i, 'sequence number'],
    [/\bAcks?\b/, 'ACK'],
    [/can not/, 'cannot'],
    [/congestion control window|transmission window/i, 'congestion window'],
  ],
};

/** A text without its values, which show as {}, and without code and what it calls. @param {string} text */
export const withoutValues = (text) =>
  text
    .replace(/`[^`]+`|\[\[[^\]|]+\]\]|\[\[[^\]|]+\|/g, '')
    .replace(/\{ *\$[^}]*\}/g, '{}')
    .replace(/\{[^}$]+\}/g, '');
