/** Lines that the page offers to type, with a word on what they show. */
export const suggestions: readonly { readonly text: string; readonly hint: string }[] = [
  { text: '/chatops flag get checkout-v2', hint: 'direct: answered at once' },
  { text: '/chatops lb weight web 10', hint: 'wait: runs a pipeline and reports its end' },
  { text: '/chatops release web v42', hint: 'link: a person presses the manual job' },
  { text: '/chatops flag set checkout-v2 on', hint: 'direct: flips the flag in staging' },
  { text: '/chatops lb weight web 60 --env=production', hint: 'refused by a rule, with its reason' },
  { text: '/chatops lb wieght web 10', hint: 'a typo' },
  { text: '/chatops help', hint: 'what you can run here' },
  { text: '/chatops can-i lb weight api 50', hint: 'may I, and if not, what is missing' },
  { text: '/chatops runs', hint: 'what was run in this channel' },
  { text: '/chatops whoami', hint: 'how policy sees you' },
];
