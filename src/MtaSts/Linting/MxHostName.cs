using System.Runtime.InteropServices;

namespace MtaSts.Linting;

/// <summary>Represents a name in an MX record.</summary>
/// <param name="Name">The name as given, without the root dot.</param>
/// <param name="Form">The form of the name.</param>
/// <param name="Remedy">
/// The text to use instead: the A-labels (<see cref="MxHostForm.International"/>), the name without its preference
/// (<see cref="MxHostForm.Preference"/>), or the wildcard that matches the name (<see cref="MxHostForm.Underscore"/>;
/// null if only a wildcard over a top-level domain would).
/// </param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MxHostName(string Name, MxHostForm Form, string? Remedy = null)
{
    private const string Whitespace = " \t";
    private const string Digits = "0123456789";

    public static MxHostName Parse(string text)
    {
        string name = HostName.WithoutRoot(text).ToString();
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim(Whitespace);
        ReadOnlySpan<char> withoutNumber = trimmed.TrimStart(Digits);
        ReadOnlySpan<char> afterNumber = withoutNumber.TrimStart(Whitespace);
        bool hasPreference = withoutNumber.Length < trimmed.Length && afterNumber.Length < withoutNumber.Length;
        if (trimmed.IsEmpty)
        {
            return new(name, MxHostForm.Blank);
        }

        if (trimmed is "." || (hasPreference && afterNumber is "."))
        {
            return new(name, MxHostForm.NullMx);
        }

        if (!hasPreference)
        {
            return ParseName(name);
        }

        // An invalid name after the number is the first thing to correct.
        MxHostName meant = ParseName(HostName.WithoutRoot(afterNumber).ToString());
        return meant.Form is MxHostForm.Address or MxHostForm.Other ? new(name, meant.Form) : new(name, MxHostForm.Preference, meant.Name);
    }

    private static MxHostName ParseName(string name)
    {
        if (IsAddress(name))
        {
            return new(name, MxHostForm.Address);
        }

        if (IsValid(name))
        {
            return new(name, MxHostForm.HostName);
        }

        if (HostName.TryGetALabels(name, out string? ascii) && IsValid(ascii))
        {
            return new(name, MxHostForm.International, ascii.ToLowerInvariant());
        }

        return name.Contains('_', StringComparison.Ordinal) && IsValid(name.Replace('_', 'x'))
            ? new(name, MxHostForm.Underscore, WildcardOver(name))
            : new(name, MxHostForm.Other);
    }

    // Digits and dots are an IPv4 address or a part of one, because no top-level domain is all digits. An IPv6 address
    // has at least two colons, and a host name has no colon.
    private static bool IsAddress(ReadOnlySpan<char> name) =>
        name is ['[', ..] || name.Count(':') > 1 || !name.ContainsAnyExcept(Digits + ".");

    private static bool IsValid(ReadOnlySpan<char> name) => HostName.IsValid(CodeUnits.Of(name));

    private static string? WildcardOver(string name)
    {
        string parent = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
        bool isBelowTopLevel = parent.Length < name.Length && parent.Contains('.', StringComparison.Ordinal);
        return isBelowTopLevel && IsValid(parent) ? $"*.{parent.ToLowerInvariant()}" : null;
    }
}
