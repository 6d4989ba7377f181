/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the policy must be, from nothing but the requests that the kernel took.
 */
#ifndef VSEG_FUZZ_MODEL_H
#define VSEG_FUZZ_MODEL_H

#include <linux/vseg.h>

#include "fuzz.h"
#include "lab.h"
#include "spec.h"

#define NAME_LEN	(VSEG_NAME_MAX + 1)
#define IFNAME_LEN	16
#define MODEL_MAX	192	/* of a kind; a sequence can't make as many */
#define MODEL_VLANS	600	/* in a message of STEP_BYTES */
#define MODEL_TXNS	16

/**
 * struct m_domain - a domain
 * @name: unique in a policy
 * @id: its number
 * @permit: what its guests may send
 * @serial: tells it from others of its name that were before or come later
 */
struct m_domain {
	char name[NAME_LEN];
	uint32_t id;
	uint32_t permit;
	unsigned long serial;
};

struct m_bridge {
	char name[IFNAME_LEN];
	uint32_t mode;
};

struct m_cell {
	char src[NAME_LEN];
	char dst[NAME_LEN];
	uint32_t action;
	uint32_t flags;
	uint32_t services;
	uint32_t rules;		/* how many */
};

struct m_vlan {
	uint32_t first;
	uint32_t last;
	char domain[NAME_LEN];
	unsigned long serial;
};

/**
 * struct m_bind - what a port is bound to
 * @edited: by a transaction, that is
 * @kind: enum vseg_port_kind
 * @domain: or ""
 * @serial: of the domain
 * @nvlans: ranges of its map
 * @vlan: map
 */
struct m_bind {
	bool edited;
	uint32_t kind;
	char domain[NAME_LEN];
	unsigned long serial;
	unsigned int nvlans;
	struct m_vlan vlan[MODEL_VLANS];
};

struct m_settings {
	uint32_t address_resolution;
	uint32_t bridge_control;
	uint32_t unmanaged;
	uint32_t flood_events;
	uint32_t guard;
	uint32_t state_pickup;
	uint32_t state_limit;
	uint32_t state_zone_first;
	uint32_t state_zone_last;
	uint32_t mark_mask;
};

/**
 * struct m_policy - a policy
 * @settings: switches
 * @ndomains: operator's domains
 * @nbridges: bridges
 * @ncells: cells, those inside a domain too
 * @nselectors: selectors; what they say of ports is KUnit's to test
 * @domain: domains
 * @bridge: bridges
 * @cell: cells
 */
struct m_policy {
	struct m_settings settings;
	unsigned int ndomains;
	unsigned int nbridges;
	unsigned int ncells;
	unsigned int nselectors;
	struct m_domain domain[MODEL_MAX];
	struct m_bridge bridge[MODEL_MAX];
	struct m_cell cell[MODEL_MAX];
};

/**
 * struct m_txn - a transaction
 * @cookie: names it; 0 when the place is free
 * @sock: socket that began it
 * @base: generation that it is based on
 * @edited: an edit of its policy was taken
 * @unsure: one was refused: perhaps it has a policy of its own all the same
 * @lost: it began when nobody knew the policy
 * @policy: as its edits have made it
 * @bind: binds that it edits
 */
struct m_txn {
	uint64_t cookie;
	unsigned int sock;
	uint64_t base;
	bool edited;
	bool unsure;
	bool lost;
	struct m_policy policy;
	struct m_bind bind[LAB_PORTS];
};

/**
 * struct model - a world
 * @active: a policy is in force
 * @generation: of it
 * @policy: in force
 * @was_active: there was a policy before it
 * @was: that policy
 * @unsure: nobody knows which policy was before
 * @lost: nor which is in force, since it was taken back
 * @bind: of its ports
 * @txn: open transactions
 */
struct model {
	bool active;
	uint64_t generation;
	struct m_policy policy;
	bool was_active;
	struct m_policy was;
	bool unsure;
	bool lost;
	struct m_bind bind[LAB_PORTS];
	struct m_txn txn[MODEL_TXNS];
};

extern struct model models[WORLDS];

void model_begin(enum world w, unsigned int sock, uint64_t cookie,
		 uint64_t generation);
void model_done(enum world w, unsigned int sock, const struct op *op,
		const uint8_t *attrs, unsigned int n);
void model_refused(enum world w, unsigned int sock, const struct op *op,
		   const uint8_t *attrs, unsigned int n);
void model_forget(enum world w, uint64_t generation);
void model_closed(enum world w, unsigned int sock);
void model_port_left(enum world w);
const struct m_bridge *model_bridge(const struct m_policy *p, const char *name);
const struct m_bridge *model_manages(const struct m_policy *p,
				     const char *name);

/* edit.c */
void model_edit(enum world w, struct m_policy *p, struct m_bind *binds,
		const struct op *op, const uint8_t *attrs, unsigned int n);
void model_empty(struct m_policy *p);

/* compare.c */
void model_compare(enum world w);

#endif /* VSEG_FUZZ_MODEL_H */
