# gnuplot -e "data='FILE'; about='TEXT'" curve.gnuplot >curve.svg
set terminal svg size 900,560 dynamic font "sans-serif,13" background "white"
set datafile separator "\t"
set datafile missing "-"
set title about noenhanced
set xlabel "pairs or rules in the policy"
set ylabel "instructions added to each frame"
set logscale xy
set xrange [0.8:13000]
set yrange [50:*]
set format x "%'.0f"
set format y "%'.0f"
set grid xtics ytics
set key outside right top
columns = words(system("sed -n '2s/[^\t]*/x/gp' " . data))
plot for [i=2:columns] data using 1:i with linespoints linewidth 2 title columnheader(i) noenhanced
