/** The version of what an embed and its host say to each other: in each message, and in the detail of each event. */
export const VERSION = 1;
