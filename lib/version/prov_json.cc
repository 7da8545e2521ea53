// SPDX-License-Identifier: Apache-2.0
// Source of the form: "The PROV-JSON Serialization", W3C member submission, 24 April 2013; of the terms:
// PROV-DM, W3C recommendation, 30 April 2013.
#include <set>

#include "base/escape.h"
#include "pipeline/key.h"
#include "text/value.h"
#include "version/provenance.h"
#include "version/run_record.h"

namespace cairn::version {
namespace {

using text::Value;

/// Digits of an id in a name: enough to tell contents at one path apart.
constexpr std::size_t kIdDigits = 16;

/// The part of a qualified name behind the colon: letters, digits and "-._/" stay, all else is %XX.
std::string local_name(std::string_view text) {
  constexpr std::string_view kPlain = "-._/";
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (alnum || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    }
  }
  return out;
}

Value words(std::string_view text) {
  return Value::string(escaped(text));
}

Value typed(std::string_view value, std::string_view type) {
  Value out = Value::map();
  out.set("$", Value::string(value));
  out.set("type", Value::string(type));
  return out;
}

Value qualified(std::string_view name) {
  return typed(name, "prov:QUALIFIED_NAME");
}

Value number(std::uint64_t value) {
  return typed(std::to_string(value), "xsd:unsignedLong");
}

std::string_view type_of(ProvenanceEntity::Kind kind) {
  switch (kind) {
    case ProvenanceEntity::Kind::out:
      return "cairn:Output";
    case ProvenanceEntity::Kind::data:
      return "cairn:TrackedData";
    case ProvenanceEntity::Kind::git:
      return "cairn:GitFile";
    case ProvenanceEntity::Kind::unknown:
      break;
  }
  return "cairn:File";
}

std::string name_of(const ProvenanceEntity& entity) {
  const std::string id = entity.state ? "@" + entity.state->object.id.hex().substr(0, kIdDigits) : "";
  return "data:" + local_name(entity.path) + id;
}

/// A run that is known by its record, else what a stage did by what went in.
std::string name_of(const ProvenanceActivity& activity) {
  if (activity.run) {
    return "run:" + activity.run->id;
  }
  const store::Id key = pipeline::stage_key(activity.stage.block, activity.stage.folder);
  return "stage:" + local_name(activity.stage.address) + "@" + key.hex().substr(0, kIdDigits);
}

class Document {
 public:
  explicit Document(const Provenance& graph) : graph_(graph) {}

  Value make() {
    for (const ProvenanceEntity& one : graph_.entities) {
      add_entity(one);
    }
    for (const ProvenanceActivity& one : graph_.activities) {
      add_activity(one);
    }
    Value out = Value::map();
    out.set("prefix", prefixes());
    const std::pair<const char*, Value*> parts[] = {{"entity", &entities_},
                                                    {"activity", &activities_},
                                                    {"agent", &agents_},
                                                    {"used", &used_},
                                                    {"wasGeneratedBy", &generated_},
                                                    {"wasAssociatedWith", &associated_},
                                                    {"wasDerivedFrom", &derived_},
                                                    {"wasAttributedTo", &attributed_},
                                                    {"hadMember", &members_}};
    for (const auto& [name, part] : parts) {
      if (!part->entries().empty()) {
        out.set(name, std::move(*part));
      }
    }
    return out;
  }

 private:
  static Value prefixes() {
    Value out = Value::map();
    for (const char* name : {"agent", "cairn", "data", "run", "stage"}) {
      out.set(name, Value::string("urn:cairn:" + std::string(name) + ":"));
    }
    return out;
  }

  /// Relations have no names of their own: blank ones, numbered in the order of the graph.
  static void relate(Value& list, const char* mark,
                     std::initializer_list<std::pair<const char*, std::string>> ends) {
    Value one = Value::map();
    for (const auto& [role, name] : ends) {
      one.set(role, Value::string(name));
    }
    const std::string id = "_:" + std::string(mark) + std::to_string(list.entries().size() + 1);
    list.append_entry({id, std::move(one), {}, {}});
  }

  std::string agent(const std::string& label, std::string_view type) {
    std::string name = "agent:" + local_name(label);
    if (known_agents_.insert(name).second) {
      Value one = Value::map();
      one.set("prov:type", qualified(type));
      one.set("prov:label", words(label));
      agents_.append_entry({name, std::move(one), {}, {}});
    }
    return name;
  }

  void add_entity(const ProvenanceEntity& entity) {
    const std::string name = name_of(entity);
    Value one = Value::map();
    one.set("prov:type", qualified(type_of(entity.kind)));
    one.set("prov:label", words(entity.path));
    if (entity.state) {
      one.set("cairn:hash", Value::string(entity.state->object.id.text()));
      one.set("cairn:size", number(entity.state->object.size));
    }
    if (entity.origin) {
      one.set("cairn:commit", Value::string(entity.origin->commit));
      relate(attributed_, "attributed",
             {{"prov:entity", name}, {"prov:agent", agent(entity.origin->author, "prov:Person")}});
    }
    entities_.append_entry({name, std::move(one), {}, {}});
    for (const std::size_t part : entity.parts) {
      relate(members_, "member",
             {{"prov:collection", name}, {"prov:entity", name_of(graph_.entities[part])}});
    }
    if (entity.made_by) {
      const ProvenanceActivity& activity = graph_.activities[*entity.made_by];
      relate(generated_, "generated", {{"prov:entity", name}, {"prov:activity", name_of(activity)}});
      for (const std::size_t input : activity.used) {
        relate(derived_, "derived",
               {{"prov:generatedEntity", name},
                {"prov:usedEntity", name_of(graph_.entities[input])},
                {"prov:activity", name_of(activity)}});
      }
    }
  }

  void add_activity(const ProvenanceActivity& activity) {
    const std::string name = name_of(activity);
    const pipeline::StageLock& block = activity.stage.block;
    Value one = Value::map();
    one.set("prov:type", qualified("cairn:StageRun"));
    one.set("prov:label", words(activity.stage.address));
    one.set("cairn:command", words(block.cmd));
    if (!block.params.empty()) {
      Value params = Value::list();
      for (const pipeline::LockedParam& param : block.params) {
        params.append(words(param.file + ":" + param.key + "=" + text::canonical(param.value)));
      }
      one.set("cairn:param", std::move(params));
    }
    if (block.seed) {
      one.set("cairn:seed", typed(std::to_string(*block.seed), "xsd:long"));
    }
    if (block.environment) {
      one.set("cairn:environment", Value::string(block.environment->id.text()));
    }
    if (activity.run) {
      add_run(*activity.run, name, one);
    }
    activities_.append_entry({name, std::move(one), {}, {}});
    for (const std::size_t input : activity.used) {
      relate(used_, "used", {{"prov:activity", name}, {"prov:entity", name_of(graph_.entities[input])}});
    }
  }

  void add_run(const ProvenanceRun& run, const std::string& name, Value& activity) {
    activity.set("prov:startTime", Value::string(utc_text(run.start_ms)));
    activity.set("prov:endTime", Value::string(utc_text(run.end_ms)));
    if (!run.commit.empty()) {
      activity.set("cairn:commit", Value::string(run.commit));
    }
    if (!run.host.empty()) {
      activity.set("cairn:host", words(run.host));
    }
    relate(associated_, "associated",
           {{"prov:activity", name}, {"prov:agent", agent("cairn " + run.cairn, "prov:SoftwareAgent")}});
    if (!run.user.empty()) {
      relate(associated_, "associated",
             {{"prov:activity", name}, {"prov:agent", agent(run.user, "prov:Person")}});
    }
  }

  const Provenance& graph_;
  std::set<std::string> known_agents_;
  Value entities_ = Value::map();
  Value activities_ = Value::map();
  Value agents_ = Value::map();
  Value used_ = Value::map();
  Value generated_ = Value::map();
  Value associated_ = Value::map();
  Value derived_ = Value::map();
  Value attributed_ = Value::map();
  Value members_ = Value::map();
};

}  // namespace

Value to_prov_json(const Provenance& provenance) {
  return Document(provenance).make();
}

}  // namespace cairn::version
