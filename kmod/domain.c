// SPDX-License-Identifier: GPL-2.0
/*
 * Security domains, and the set of them that a policy has.
 */
#include <linux/ctype.h>
#include <linux/stringhash.h>
#include <linux/string.h>

#include "domain.h"

/* Words that name something else, or that an operator would misread. */
static const char * const vseg_reserved[] = {
	"any", "unlabelled", "host", "routed", "none", "all", "default",
};

/**
 * vseg_domain_name_reserved - has vseg this name for itself?
 * @name: name
 *
 * Return: whether it has.
 */
bool vseg_domain_name_reserved(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vseg_reserved); i++)
		if (!strcmp(vseg_reserved[i], name))
			return true;
	return false;
}

/**
 * vseg_domain_name_ok - can a domain be called so?
 * @name: zero-terminated name
 *
 * Return: true for a letter followed by letters, digits, dots, underscores
 * and dashes, %VSEG_NAME_MAX bytes at most.  Such a name needs no quoting in
 * a shell, a file name or YAML, and is never a number.
 */
bool vseg_domain_name_ok(const char *name)
{
	size_t i;

	/* isalpha() of the kernel takes Latin-1 letters too. */
	if (!isascii(name[0]) || !isalpha(name[0]))
		return false;
	for (i = 1; name[i]; i++) {
		if (i >= VSEG_NAME_MAX || !isascii(name[i]))
			return false;
		if (!isalnum(name[i]) && !strchr("._-", name[i]))
			return false;
	}
	return true;
}

/**
 * vseg_domain_alloc - make a domain
 * @name: its name, checked
 * @id: its id, checked
 * @slots: slots of the namespace
 * @slot: slot of a built-in domain, or -1 for the lowest free one
 *
 * Return: the domain with one reference, the caller's; or an ERR_PTR():
 * -ENOMEM, or -ENOSPC without a free slot.
 */
struct vseg_domain *vseg_domain_alloc(const char *name, u16 id,
				      struct ida *slots, int slot)
{
	struct vseg_domain *domain;
	int ret;

	domain = kzalloc(sizeof(*domain), GFP_KERNEL_ACCOUNT);
	if (!domain)
		return ERR_PTR(-ENOMEM);

	ret = ida_alloc_range(slots, slot < 0 ? VSEG_SLOT_FIRST : slot,
			      slot < 0 ? VSEG_SLOT_LAST : slot, GFP_KERNEL);
	if (ret < 0) {
		kfree(domain);
		return ERR_PTR(ret);
	}

	domain->slot = ret;
	domain->id = id;
	strscpy(domain->name, name, sizeof(domain->name));
	refcount_set(&domain->ref, 1);
	INIT_LIST_HEAD(&domain->labels);
	domain->slots = slots;
	return domain;
}

/**
 * vseg_domain_put - give a reference back
 * @domain: domain
 *
 * The last reference goes when no policy and no label has the domain, so no
 * frame can carry its slot any more and the slot is free at once.  Readers
 * under RCU may still look at the name.
 */
void vseg_domain_put(struct vseg_domain *domain)
{
	if (!refcount_dec_and_test(&domain->ref))
		return;
	ida_free(domain->slots, domain->slot);
	kfree_rcu(domain, rcu);
}

static struct hlist_head *vseg_domain_bucket(const struct vseg_domain_set *set,
					     const char *name)
{
	u32 hash = full_name_hash(NULL, name, strlen(name));

	return (struct hlist_head *)
		&set->names[hash_32(hash, VSEG_DOMAIN_HASH_BITS)];
}

static struct vseg_domain_node *
vseg_domain_node(const struct vseg_domain_set *set, const char *name)
{
	struct vseg_domain_node *node;

	hlist_for_each_entry(node, vseg_domain_bucket(set, name), hash)
		if (!strcmp(node->domain->name, name))
			return node;
	return NULL;
}

/**
 * vseg_domain_set_find - look a domain up by name
 * @set: domains of a policy
 * @name: name
 *
 * Return: the domain, the set's reference; or NULL.
 */
struct vseg_domain *vseg_domain_set_find(const struct vseg_domain_set *set,
					 const char *name)
{
	struct vseg_domain_node *node = vseg_domain_node(set, name);

	return node ? node->domain : NULL;
}

/**
 * vseg_domain_set_permit - say what the guests of a domain may send
 * @set: domains of a policy
 * @domain: one of them
 * @permit: enum vseg_guard_permit
 */
void vseg_domain_set_permit(struct vseg_domain_set *set,
			    const struct vseg_domain *domain, u32 permit)
{
	vseg_domain_node(set, domain->name)->permit = permit;
}

/**
 * vseg_domain_set_permits - what the guests of a domain may send
 * @set: domains of a policy
 * @domain: domain
 *
 * Return: enum vseg_guard_permit; 0 for a domain that isn't in the set, though
 * another one of its name is.
 */
u32 vseg_domain_set_permits(const struct vseg_domain_set *set,
			    const struct vseg_domain *domain)
{
	struct vseg_domain_node *node = vseg_domain_node(set, domain->name);

	return node && node->domain == domain ? node->permit : 0;
}

/**
 * vseg_domain_set_add - add a domain that isn't there
 * @set: domains of a policy
 * @domain: domain; the set takes a reference of its own
 *
 * Return: 0 or -ENOMEM.
 */
int vseg_domain_set_add(struct vseg_domain_set *set, struct vseg_domain *domain)
{
	struct hlist_head *bucket = vseg_domain_bucket(set, domain->name);
	struct vseg_domain_node *node, *other, *last = NULL;

	node = kzalloc(sizeof(*node), GFP_KERNEL_ACCOUNT);
	if (!node)
		return -ENOMEM;
	node->domain = vseg_domain_get(domain);
	__set_bit(domain->id, set->ids);

	/* Behind the others: a copy of the set has the order that a dump which
	 * goes on by position had before.
	 */
	hlist_for_each_entry(other, bucket, hash)
		last = other;
	if (last)
		hlist_add_behind(&node->hash, &last->hash);
	else
		hlist_add_head(&node->hash, bucket);
	return 0;
}

/**
 * vseg_domain_set_del - take a domain out
 * @set: domains of a policy
 * @domain: domain; the set gives its reference back
 */
void vseg_domain_set_del(struct vseg_domain_set *set,
			 struct vseg_domain *domain)
{
	struct vseg_domain_node *node;

	hlist_for_each_entry(node, vseg_domain_bucket(set, domain->name),
			     hash) {
		if (node->domain != domain)
			continue;
		hlist_del(&node->hash);
		__clear_bit(domain->id, set->ids);
		kfree(node);
		vseg_domain_put(domain);
		return;
	}
}

/**
 * vseg_domain_set_clear - take all domains out
 * @set: domains of a policy
 */
void vseg_domain_set_clear(struct vseg_domain_set *set)
{
	struct vseg_domain_node *node;
	struct hlist_node *next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(set->names); i++) {
		hlist_for_each_entry_safe(node, next, &set->names[i], hash) {
			hlist_del(&node->hash);
			vseg_domain_put(node->domain);
			kfree(node);
		}
	}
}

/**
 * vseg_domain_set_copy - the same domains in another set
 * @to: empty set
 * @from: set
 *
 * Return: 0, or -ENOMEM with @to half filled, for vseg_domain_set_clear().
 */
int vseg_domain_set_copy(struct vseg_domain_set *to,
			 const struct vseg_domain_set *from)
{
	struct vseg_domain_node *node;
	unsigned int i;
	int err;

	vseg_domain_set_for_each(from, i, node) {
		err = vseg_domain_set_add(to, node->domain);
		if (err)
			return err;
		vseg_domain_set_permit(to, node->domain, node->permit);
	}
	return 0;
}
