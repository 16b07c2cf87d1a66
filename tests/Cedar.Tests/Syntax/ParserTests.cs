using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Syntax;

public sealed class ParserTests
{
    [Theory]
    [InlineData("permit(principal,action,resource);")]
    [InlineData("permit(principal, action, resource,);")]
    [InlineData("permit(principal == (User::\"a\"), action in (Action::\"x\"), resource in N::T::\"b\");")]
    [InlineData("permit(principal is N::User in G::\"g\", action in [], resource is T);")]
    [InlineData("permit(principal, action in [N::Action::\"x\", (Action::\"y\"),], resource);")]
    [InlineData("permit(principal, action, resource) when { {\"a b\": 1, c: [1, 2,],} has \"a b\" };")]
    [InlineData("permit(principal, action, resource) when { principal.permit.when.principal has context.action };")]
    [InlineData("permit(principal, action, resource) when { (if true then 1 else 2) == 1 };")]
    [InlineData("permit(principal, action, resource) when { true.x || \"s\".y || 1[\"z\"] };")]
    [InlineData("permit(principal, action, resource) when { principal is principal };")]
    [InlineData("permit(principal, action, resource) when { \"\\n\\r\\t\\0\\\\\\'\\\"\\x41\\u{1_F60_0}\" like \"\\*\" };")]
    [InlineData("permit(principal, action, resource) when { \"line\nbreak\" == \"\" };")]
    [InlineData("permit(principal, action, resource) when { ip() };")]
    [InlineData("// nothing but a comment")]
    [InlineData("")]
    public void Text_IsAccepted(string text) => Make.Policies(text);

    [Theory]
    [InlineData("permit", "1:7: expected `(`, found the end of the text")]
    [InlineData("allow(principal, action, resource);", "1:1: expected `permit` or `forbid`, found `allow`")]
    [InlineData("permit(principal, action, resource)", "1:36: expected `when`, `unless` or `;`, found the end of the text (a policy ends with `;`)")]
    [InlineData("permit(principal, action);", "1:25: expected `,` and then `resource`, found `)` (a scope is (principal, action, resource), each with an optional constraint)")]
    [InlineData("permit(action, principal, resource);", "1:8: expected `principal`, found `action` (a scope is (principal, action, resource), each with an optional constraint)")]
    [InlineData("permit(principal: User, action, resource);", "1:17: a type cannot be given with `:` (write `principal is Type`)")]
    [InlineData("permit(principal = User::\"a\", action, resource);", "1:18: `=` is not an operator (write `==`)")]
    [InlineData("permit(principal != User::\"a\", action, resource);", "1:18: `!=` cannot be used in a scope (a scope allows `==`, `in` and, for principal and resource, `is`; move the rest to `when { principal ... }`)")]
    [InlineData("permit(principal == \"a\", action, resource);", "1:21: expected an entity, found a string (an entity is written with its type: User::\"alice\")")]
    [InlineData("permit(principal == User, action, resource);", "1:25: expected `::` and a string, found `,` (an entity is written User::\"id\")")]
    [InlineData("permit(principal == User::{id: 1}, action, resource);", "1:27: an entity's id must be a string (write User::\"id\")")]
    [InlineData("permit(principal == ?resource, action, resource);", "1:21: the slot here must be `?principal`, not `?resource`")]
    [InlineData("permit(principal == ?who, action, resource);", "1:21: the slot here must be `?principal`, not `?who`")]
    [InlineData("permit(principal in User::\"a\" is User, action, resource);", "1:31: `is` comes before `in` (write `principal is Type in Entity::\"id\"`)")]
    [InlineData("permit(principal in [User::\"a\"], action, resource);", "1:21: expected an entity such as User::\"alice\", found `[`")]
    [InlineData("permit(principal is User::\"a\", action, resource);", "1:27: expected an entity type, found an entity (write `is Type`, or `== Type::\"id\"` for one entity)")]
    [InlineData("permit(principal, action is Action, resource);", "1:26: `is` cannot constrain the action (use `action in [...]`, or `when { ... }`)")]
    [InlineData("permit(principal, action == User::\"a\", resource);", "1:29: `User` is not a type of actions (the type of an action is `Action`, with or without a namespace)")]
    [InlineData("permit(principal, action == ?action, resource);", "1:29: the action cannot be a slot (only `?principal` and `?resource` are slots)")]
    [InlineData("permit(principal, action, resource, context);", "1:37: expected `)`, found `context` (further constraints go into `when { ... }`)")]
    [InlineData("permit(principal, action, resource) where { true };", "1:37: expected `when`, `unless` or `;`, found `where` (a policy ends with `;`)")]
    [InlineData("permit(principal, action, resource) when { };", "1:44: the condition is empty (write a condition between the braces, or leave the clause out)")]
    [InlineData("@a @a permit(principal, action, resource);", "1:5: the annotation `@a` occurs twice")]
    [InlineData("@a(1) permit(principal, action, resource);", "1:4: expected the annotation's value, a string, found `1`")]
    [InlineData("@\"a\" permit(principal, action, resource);", "1:2: expected the name of an annotation, found a string")]
    [InlineData("permit(principal, action, __cedar::T::\"x\");", "1:27: expected `resource`, found `__cedar` (a scope is (principal, action, resource), each with an optional constraint)")]
    [InlineData("€", "1:1: unexpected character \"€\"")]
    public void Policy_IsRefused_WithPlaceAndHint(string text, string error) =>
        Assert.Equal($"test.cedar:{error}", Make.Errors(text)[0].ToString());

    [Theory]
    [InlineData("1 == 2 == 3", "8: relations cannot be chained (put parentheses around one of them)")]
    [InlineData("1 < 2 < 3", "7: relations cannot be chained (put parentheses around one of them)")]
    [InlineData("principal has a has b", "17: relations cannot be chained (put parentheses around one of them)")]
    [InlineData("principal has a == true", "17: relations cannot be chained (put parentheses around one of them)")]
    [InlineData("1 = 2", "3: `=` is not an operator (write `==`)")]
    [InlineData("1 / 2", "3: Cedar has no operator `/` (multiply the other side instead)")]
    [InlineData("1 % 2", "3: Cedar has no operator `%` (multiply the other side instead)")]
    [InlineData("true & true", "6: `&` is not an operator (write `&&`)")]
    [InlineData("true | true", "6: `|` is not an operator (write `||`)")]
    [InlineData("'a'", "1: strings are written in double quotes (write \"...\")")]
    [InlineData("\"a", "1: this string is not closed (close it with \")")]
    [InlineData("\"a\\", "1: this string is not closed (close it with \")")]
    [InlineData("\"\\q\"", "2: \\q is not an escape; known are \\n \\r \\t \\0 \\\\ \\\" \\' \\x7F \\u{10FFFF}")]
    [InlineData("\"\\*\"", "2: \\* is an escape in the pattern of `like` only")]
    [InlineData("\"\\x80\"", "2: \\x needs two hexadecimal digits up to 7F; write \\u{...} for other characters")]
    [InlineData("\"ab\\u{d800}\"", "4: \\u{...} needs the number of a character, which a surrogate is not")]
    [InlineData("\"\\u{110000}\"", "2: \\u{...} needs the number of a character, which a surrogate is not")]
    [InlineData("\"\\u{0000001}\"", "2: \\u{...} needs one to six hexadecimal digits")]
    [InlineData("\"\\u{}\"", "2: \\u{...} needs the number of a character, which a surrogate is not")]
    [InlineData("\"\\u{_1}\"", "2: \\u{...} needs one to six hexadecimal digits")]
    [InlineData("\"\\u41\"", "2: \\u needs braces: \\u{1F600}")]
    [InlineData("9223372036854775808", "1: the number is too large (the largest is 9223372036854775807)")]
    [InlineData("-9223372036854775809", "2: the number is too large (numbers go from -9223372036854775808 to 9223372036854775807)")]
    [InlineData("-(9223372036854775808)", "3: the number is too large (the largest is 9223372036854775807)")]
    [InlineData("!!!!!true", "6: more than 4 unary operators in a row")]
    [InlineData("-----1", "6: more than 4 unary operators in a row")]
    [InlineData("!-1", "2: `!` and `-` cannot follow each other (use parentheses)")]
    [InlineData("1 + if true then 1 else 2", "5: `if` must be put in parentheses here (write (if ... then ... else ...))")]
    [InlineData("if true then 1", "15: expected an operator or `else`, found `}` (`if` always needs its `else`)")]
    [InlineData("label > 1", "1: `label` is not a variable (variables are principal, action, resource and context; an attribute is written context.label, an entity label::\"id\")")]
    [InlineData("context.if", "9: `if` is reserved and cannot be an attribute or method (write [\"if\"] for an attribute of that name)")]
    [InlineData("context.__cedar", "9: `__cedar` is reserved and cannot be an attribute or method (write [\"__cedar\"] for an attribute of that name)")]
    [InlineData("context has if", "13: `if` is reserved and cannot be an attribute: a name or a string (write [\"if\"] for an attribute of that name)")]
    [InlineData("context has \"a\".b", "16: expected an operator or `}`, found `.`")]
    [InlineData("context has a[\"b\"]", "14: expected an operator or `}`, found `[`")]
    [InlineData("context[1]", "9: expected the name of an attribute, a string, found `1` (an attribute's name cannot be computed; tags can: entity.getTag(name))")]
    [InlineData("context(1)", "1: there is no function `context` (functions are decimal, ip, datetime and duration)")]
    [InlineData("ips(\"::\")", "1: there is no function `ips` (functions are decimal, ip, datetime and duration)")]
    [InlineData("[1].contain(1)", "5: there is no method `contain` (did you mean `contains`?)")]
    [InlineData("[1].contains()", "5: `contains` takes one argument, not 0")]
    [InlineData("[1].isEmpty(1)", "5: `isEmpty` takes no arguments, not 1")]
    [InlineData("\"::\".ip()", "6: `ip` is a function, not a method (write ip(...))")]
    [InlineData("isIpv4(1)", "1: `isIpv4` is a method, not a function (write value.isIpv4(...))")]
    [InlineData("contains(1)", "1: `contains` is a method, not a function (write value.contains(...))")]
    [InlineData("(1)(2)", "4: this cannot be called (functions are decimal, ip, datetime and duration)")]
    [InlineData("\"a\" like principal", "10: expected a pattern, which is a string, found `principal` (a pattern cannot be computed)")]
    [InlineData("principal == ?principal", "14: the slot `?principal` can stand in the scope only (write `principal == ?principal` in the scope, and `principal` here)")]
    [InlineData("User::{id: 1}", "7: an entity's id must be a string (write User::\"id\")")]
    [InlineData("{a: 1, \"a\": 2}", "8: the attribute \"a\" occurs twice")]
    [InlineData("{1: 2}", "2: expected an attribute: a name or a string, found `1`")]
    [InlineData("{true: 2}", "2: `true` is reserved and cannot be an attribute: a name or a string (write [\"true\"] for an attribute of that name)")]
    [InlineData("[1, , 2]", "5: expected an expression, found `,`")]
    public void Condition_IsRefused_WithPlaceAndHint(string condition, string error)
    {
        var (column, message) = (error[..error.IndexOf(':', StringComparison.Ordinal)], error[error.IndexOf(':', StringComparison.Ordinal)..]);

        Assert.Equal($"test.cedar:2:{column}{message}", Make.Errors($"permit(principal, action, resource) when {{\n{condition}}};")[0].ToString());
    }

    [Fact]
    public void Faults_AreAllReported_OneForEachPolicy()
    {
        var errors = Make.Errors("permit(principal);\npermit(principal, action, resource);\nforbid(x);\n\n  when;");

        Assert.Equal([1, 3, 5], errors.Select(e => e.Position!.Value.Line));
    }

    [Fact]
    public void Faults_AreCountedToALimit() =>
        Assert.Equal(CedarLimits.Errors, Make.Errors(string.Concat(Enumerable.Repeat("permit;", 1_000))).Count);

    [Fact]
    public void Fault_HasItsPlace_InsideAStringOfSeveralLines() =>
        Assert.Equal(new SourcePosition(53, 3, 3), Make.Errors("permit(principal, action, resource) when { \"\n line\n  \\q\" };")[0].Position);
}
