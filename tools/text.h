/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VSEGCTL_TEXT_H
#define VSEGCTL_TEXT_H

#include "model.h"

#define AGO_LEN		24
#define MAC_LEN		18
#define TYPE_LEN	16

/** struct device - room for the name of a device */
struct device {
	char name[IFNAMSIZ + 16];
};

const char *text_device(struct device *d, bool given, uint32_t ifindex);
const char *text_ago(char *s, uint64_t ms);
const char *text_mac(char *s, const uint8_t *mac);
const char *text_ethertype(char *s, uint32_t type);
const char *text_proto(char *s, uint32_t proto);
int ethertype_of(const char *name);
int proto_of(const char *name);
char *bits_text(const struct names *names, uint32_t mask);
char *text_reasons(const struct stats *s, bool would);

#endif /* VSEGCTL_TEXT_H */
