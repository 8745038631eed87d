# Completions of cipp for PowerShell. Put it into your profile:
#   cipp completions powershell >> $PROFILE
Register-ArgumentCompleter -Native -CommandName cipp -ScriptBlock {
    param($word, $line, $cursor)
    $before = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
    })
    $typed = "$word".Trim("'", '"')
    $program = $before[0]
    $lines = & $program complete powershell "--word=$typed" '--' @before 2>$null
    foreach ($found in $lines) {
        # Nothing is what PowerShell takes for "names of files".
        if ($found -eq ':files') { return }
        $value, $about = $found -split "`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
