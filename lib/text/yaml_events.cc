// SPDX-License-Identifier: Apache-2.0
#include "text/yaml_events.h"

#include <fmt/format.h>
#include <yaml.h>

#include <unordered_map>

#include "base/bytes.h"
#include "base/escape.h"

namespace cairn::text {
namespace {

class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&event_); }
  yaml_event_t* get() { return &event_; }
  const yaml_event_t* operator->() const { return &event_; }

 private:
  yaml_event_t event_{};
};

class Parser {
 public:
  explicit Parser(std::string_view text) {
    CAIRN_CHECK(yaml_parser_initialize(&parser_) == 1);
    const Bytes bytes = as_bytes(text.empty() ? "" : text);  // libyaml wants no null pointer
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, bytes.data(), bytes.size());
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { yaml_parser_delete(&parser_); }
  bool next(Event& event) { return yaml_parser_parse(&parser_, event.get()) == 1; }
  const yaml_parser_t* operator->() const { return &parser_; }

 private:
  yaml_parser_t parser_{};
};

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

Style style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
      return Style::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      return Style::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE:
      return Style::literal;
    case YAML_FOLDED_SCALAR_STYLE:
      return Style::folded;
    default:
      return Style::plain;
  }
}

class NodeReader {
 public:
  NodeReader(const Source& source, const Limits& limits, Diagnostics& problems)
      : source_(source), limits_(limits), problems_(problems), parser_(source.body()) {}

  YamlNodes read() {
    bool go_on = true;
    while (go_on) {
      Event event;
      if (!parser_.next(event)) {
        syntax_error();
        break;
      }
      go_on = event->type != YAML_STREAM_END_EVENT && handle(event);
    }
    return std::move(out_);
  }

 private:
  struct Open {
    std::uint32_t node;
    std::uint32_t last_child;
  };

  bool handle(const Event& event) {
    switch (event->type) {
      case YAML_DOCUMENT_START_EVENT:
        return ++documents_ == 1 ||
               fail(event->start_mark, "a second document starts here; only one is allowed");
      case YAML_SCALAR_EVENT:
        return scalar(event);
      case YAML_ALIAS_EVENT:
        return alias(event);
      case YAML_SEQUENCE_START_EVENT: {
        const auto& start = event->data.sequence_start;
        const bool flow = start.style == YAML_FLOW_SEQUENCE_STYLE;
        return open(event, YamlNode::Type::list, flow, view(start.tag), view(start.anchor));
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& start = event->data.mapping_start;
        const bool flow = start.style == YAML_FLOW_MAPPING_STYLE;
        return open(event, YamlNode::Type::map, flow, view(start.tag), view(start.anchor));
      }
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        close(event);
        return true;
      default:
        return true;
    }
  }

  bool scalar(const Event& event) {
    const auto& data = event->data.scalar;
    YamlNode* node = add(event, YamlNode::Type::scalar);
    if (node == nullptr) {
      return false;
    }
    node->style = style_of(data.style);
    node->text = static_cast<std::uint32_t>(out_.pool.size());
    node->length = static_cast<std::uint32_t>(data.length);
    node->tag = tag_number(view(data.tag));
    out_.pool.append(reinterpret_cast<const char*>(data.value), data.length);
    note_anchor(view(data.anchor));
    return true;
  }

  bool alias(const Event& event) {
    const std::string name(view(event->data.alias.anchor));
    auto anchor = anchors_.find(name);
    if (anchor == anchors_.end()) {
      return fail(event->start_mark,
                  fmt::format("alias {} has no anchor before it", cairn::quoted("*" + name)));
    }
    for (const Open& open : open_) {
      if (open.node == anchor->second) {
        return fail(event->start_mark,
                    fmt::format("alias {} stands inside its own anchor", cairn::quoted("*" + name)));
      }
    }
    if (++aliases_ > limits_.aliases) {
      return fail(event->start_mark, fmt::format("more than {} aliases", limits_.aliases));
    }
    YamlNode* node = add(event, YamlNode::Type::alias);
    if (node != nullptr) {
      node->target = anchor->second;
    }
    return node != nullptr;
  }

  bool open(const Event& event, YamlNode::Type type, bool flow, std::string_view tag,
            std::string_view anchor) {
    if (open_.size() >= limits_.depth) {
      return fail(event->start_mark,
                  fmt::format("lists and maps are nested more than {} deep", limits_.depth));
    }
    YamlNode* node = add(event, type);
    if (node == nullptr) {
      return false;
    }
    node->style = flow ? Style::flow : Style::block;
    node->tag = tag_number(tag);
    note_anchor(anchor);
    open_.push_back({static_cast<std::uint32_t>(out_.nodes.size() - 1), 0});
    return true;
  }

  /// libyaml ends a block collection where the next token starts; ours ends with its last child.
  void close(const Event& event) {
    YamlNode& node = out_.nodes[open_.back().node];
    const std::uint32_t last = open_.back().last_child;
    node.end = node.style == Style::block && last != 0 ? out_.nodes[last].end : offset(event->end_mark);
    open_.pop_back();
  }

  /// The new node, null after a broken limit. Valid until the next one is added.
  YamlNode* add(const Event& event, YamlNode::Type type) {
    if (out_.nodes.size() >= limits_.nodes) {
      fail(event->start_mark, fmt::format("more than {} keys and values", limits_.nodes));
      return nullptr;
    }
    const auto number = static_cast<std::uint32_t>(out_.nodes.size());
    if (!open_.empty()) {
      Open& parent = open_.back();
      (parent.last_child == 0 ? out_.nodes[parent.node].first_child : out_.nodes[parent.last_child].next) =
          number;
      parent.last_child = number;
      ++out_.nodes[parent.node].children;
    }
    YamlNode& node = out_.nodes.emplace_back();
    node.type = type;
    node.begin = offset(event->start_mark);
    node.end = offset(event->end_mark);
    return &node;
  }

  void note_anchor(std::string_view name) {
    if (!name.empty()) {
      anchors_.insert_or_assign(std::string(name), static_cast<std::uint32_t>(out_.nodes.size() - 1));
    }
  }

  std::uint32_t tag_number(std::string_view tag) {
    if (tag.empty()) {
      return 0;
    }
    auto [known, is_new] = tags_.try_emplace(std::string(tag), static_cast<std::uint32_t>(out_.tags.size()));
    if (is_new) {
      out_.tags.emplace_back(tag);
    }
    return known->second;
  }

  std::uint32_t offset(const yaml_mark_t& mark) const {
    return static_cast<std::uint32_t>(source_.offset_of_character(mark.index));
  }

  bool fail(const yaml_mark_t& mark, std::string message) {
    problems_.add(source_.at(offset(mark)), std::move(message));
    return false;
  }

  void syntax_error() {
    if (parser_->error == YAML_READER_ERROR) {
      const std::size_t at = source_.body_offset() + parser_->problem_offset;
      problems_.add(source_.at(at),
                    fmt::format("control character {:#x} is not allowed", parser_->problem_value));
      return;
    }
    const std::size_t at = offset(parser_->problem_mark);
    if (at < source_.text().size() && source_.text()[at] == '\t') {
      problems_.add(source_.at(at), "a tab cannot indent; use spaces");
      return;
    }
    std::string message = parser_->problem == nullptr ? "out of memory" : parser_->problem;
    if (parser_->context != nullptr) {
      const Position context = source_.at(offset(parser_->context_mark));
      message += fmt::format(" {} that starts at {}:{}", parser_->context, context.line, context.column);
    }
    problems_.add(source_.at(at), std::move(message));
  }

  const Source& source_;
  const Limits& limits_;
  Diagnostics& problems_;
  Parser parser_;
  YamlNodes out_;
  std::vector<Open> open_;
  std::unordered_map<std::string, std::uint32_t> anchors_;
  std::unordered_map<std::string, std::uint32_t> tags_;
  std::size_t aliases_ = 0;
  unsigned documents_ = 0;
};

}  // namespace

YamlNodes read_yaml_nodes(const Source& source, const Limits& limits, Diagnostics& problems) {
  return NodeReader(source, limits, problems).read();
}

}  // namespace cairn::text
